;; Attack: a call through an empty table slot
;; Expect: trap

(type $t (func (result i32)))
(table $t 3 funcref)
(func $definition (result i32) (call_indirect $t (type $t) (i32.const 2)))
