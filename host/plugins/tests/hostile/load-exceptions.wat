;; Attack: exceptions, a proposal that is off
;; Expect: refused, not valid

(component
  (core module
    (tag) (func (throw 0))))
