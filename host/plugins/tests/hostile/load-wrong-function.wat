;; Attack: a known interface with a function of another type
;; Expect: refused, does not fit the contract

(component
  (import "afpi:host/config@1.0.0" (instance
    (export "get" (func (result (list u8)))))))
