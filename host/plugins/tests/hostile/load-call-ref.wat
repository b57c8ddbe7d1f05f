;; Attack: typed function references, a proposal that is off
;; Expect: refused, not valid

(component
  (core module
    (type $t (func)) (func (param (ref $t)) (call_ref $t (local.get 0)))))
