;; Attack: more memory declared than a plugin may have
;; Expect: memory
;; Memory: 2000

(func $definition (result i32) unreachable)
