;; Attack: a table that grows until the limit is reached
;; Expect: trap

(table $t 1 funcref)
(func $definition (result i32)
  (loop (br_if 0 (i32.ne (table.grow $t (ref.null func) (i32.const 1000)) (i32.const -1))))
  unreachable)
