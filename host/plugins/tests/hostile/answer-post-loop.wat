;; Attack: an endless loop while the host frees the answer
;; Expect: timeout

(func $definition (result i32) (i32.const 0))
(func $definition_post (param i32) (loop br 0))
