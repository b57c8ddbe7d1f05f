;; Attack: all available memory, taken in the start function
;; Expect: memory

(func $s (loop (br_if 0 (i32.ne (memory.grow (i32.const 64)) (i32.const -1)))) unreachable)
(start $s)
