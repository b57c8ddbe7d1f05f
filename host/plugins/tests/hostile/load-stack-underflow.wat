;; Attack: an operator with nothing to operate on
;; Expect: refused, not valid

(component
  (core module
    (func drop)))
