;; Attack: a branch out of its function
;; Expect: refused, not valid

(component
  (core module
    (func (br 3))))
