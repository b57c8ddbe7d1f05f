;; Attack: an element segment that does not fit its table
;; Expect: trap, out of bounds

(table $t 1 funcref)
(func $f)
(elem (table $t) (i32.const 5) func $f)
