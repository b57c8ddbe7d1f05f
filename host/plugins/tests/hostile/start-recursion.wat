;; Attack: endless recursion in the start function
;; Expect: trap, call stack exhausted

(func $s call $s)
(start $s)
