;; Attack: 4 GiB of memory at once
;; Expect: memory

(func $definition (result i32) (drop (memory.grow (i32.const 65535))) unreachable)
