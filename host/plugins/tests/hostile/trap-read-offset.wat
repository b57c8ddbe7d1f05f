;; Attack: a read whose address overflows
;; Expect: trap

(func $definition (result i32) (i32.load offset=4294967295 (i32.const -1)))
