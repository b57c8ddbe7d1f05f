;; Attack: tables grown in the start function
;; Expect: trap

(table $t 1 funcref)
(func $s (loop (br_if 0 (i32.ne (table.grow $t (ref.null func) (i32.const 5000)) (i32.const -1)))) unreachable)
(start $s)
