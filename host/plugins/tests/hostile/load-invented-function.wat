;; Attack: a known interface with a function it does not have
;; Expect: refused, does not fit the contract

(component
  (import "afpi:host/config@1.0.0" (instance
    (export "set" (func (param "config" string))))))
