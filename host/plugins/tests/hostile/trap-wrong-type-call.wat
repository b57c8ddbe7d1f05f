;; Attack: a call through a table with another signature
;; Expect: trap

(type $t (func (result i32)))
(table $t funcref (elem $f))
(func $f (param i64))
(func $definition (result i32) (call_indirect $t (type $t) (i32.const 0)))
