;; Attack: an endless loop
;; Expect: timeout

(func $definition (result i32) (loop br 0) unreachable)
