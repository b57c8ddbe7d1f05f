;; Attack: memory taken page by page until the limit is reached
;; Expect: memory

(func $definition (result i32)
  (loop (br_if 0 (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
  unreachable)
