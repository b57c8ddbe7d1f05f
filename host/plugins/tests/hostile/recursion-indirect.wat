;; Attack: endless recursion through a table
;; Expect: trap, call stack exhausted

(type $t (func (result i32)))
(table $t funcref (elem $definition))
(func $definition (result i32) (call_indirect $t (type $t) (i32.const 0)))
