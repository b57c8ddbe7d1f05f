;; Attack: an endless loop of calls, each of them short
;; Expect: timeout

(func $f (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
(func $definition (result i32)
  (local $n i32)
  (loop (local.set $n (call $f (local.get $n))) (br 0))
  unreachable)
