;; Attack: a table grown until there is no more
;; Expect: trap

(table $t 1 funcref)
(func $definition (result i32)
  (loop (br_if 0 (i32.ne (table.grow $t (ref.null func) (i32.const 1000)) (i32.const -1))))
  unreachable)
