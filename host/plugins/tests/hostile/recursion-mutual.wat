;; Attack: endless recursion of two functions with many values on their stacks
;; Expect: trap, call stack exhausted

(func $a (param i64 i64 i64 i64) (result i64)
  (i64.add (call $b (local.get 3) (local.get 2) (local.get 1) (local.get 0)) (local.get 0)))
(func $b (param i64 i64 i64 i64) (result i64)
  (i64.mul (call $a (local.get 1) (local.get 2) (local.get 3) (local.get 0)) (local.get 1)))
(func $definition (result i32)
  (i32.wrap_i64 (call $a (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4))))
