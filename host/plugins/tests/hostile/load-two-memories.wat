;; Attack: a second memory, to double the limit
;; Expect: refused, not valid

(component
  (core module
    (memory 1) (memory 1)))
