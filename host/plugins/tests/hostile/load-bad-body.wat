;; Attack: a function whose body does not type-check
;; Expect: refused, not valid

(component
  (core module
    (func (result i32) (f64.const 1))))
