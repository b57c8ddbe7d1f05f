;; Attack: a 64-bit memory
;; Expect: refused, not valid

(component
  (core module
    (memory i64 1)))
