;; Attack: a trap in the start function
;; Expect: trap, unreachable

(func $s unreachable)
(start $s)
