;; Attack: a start function with parameters
;; Expect: refused, not valid

(component
  (core module
    (func $s (param i32)) (start $s)))
