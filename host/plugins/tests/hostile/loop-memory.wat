;; Attack: an endless loop that writes all over its memory
;; Expect: timeout

(func $definition (result i32)
  (local $at i32)
  (loop
    (i64.store (i32.and (local.get $at) (i32.const 65528)) (i64.const -1))
    (local.set $at (i32.add (local.get $at) (i32.const 4096)))
    (br 0))
  unreachable)
