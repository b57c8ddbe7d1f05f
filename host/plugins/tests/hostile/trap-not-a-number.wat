;; Attack: not-a-number as an integer
;; Expect: trap

(func $definition (result i32) (i32.trunc_f64_s (f64.const nan)))
