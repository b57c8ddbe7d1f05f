;; Attack: a call to a function that does not exist
;; Expect: refused, not valid

(component
  (core module
    (func (call 7))))
