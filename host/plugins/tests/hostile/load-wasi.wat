;; Attack: an import of the system’s environment, as plugins of other hosts have
;; Expect: refused, cannot import wasi:cli/environment@0.2.0

(component
  (import "wasi:cli/environment@0.2.0" (instance
    (export "get-arguments" (func (result (list string)))))))
