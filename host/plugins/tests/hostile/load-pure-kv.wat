;; Attack: a pure kind that imports notes
;; Expect: refused, cannot import afpi:host/kv@1.0.0

(component
  (import "afpi:host/kv@1.0.0" (instance
    (export "delete" (func (param "key" string))))))
