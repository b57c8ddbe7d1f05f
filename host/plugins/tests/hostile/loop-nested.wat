;; Attack: endless loops in one another, around a branch table
;; Expect: timeout

(func $definition (result i32)
  (local $n i32)
  (loop $outer
    (loop $inner
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_table $outer $inner $outer (i32.and (local.get $n) (i32.const 1)))))
  unreachable)
