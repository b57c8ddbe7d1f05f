;; Attack: an interface of a later major version
;; Expect: refused, does not fit the contract

(component
  (import "afpi:host/log@2.0.0" (instance
    (export "write" (func (param "message" string))))))
