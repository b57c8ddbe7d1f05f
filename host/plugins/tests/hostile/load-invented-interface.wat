;; Attack: an interface of the host that does not exist
;; Expect: refused, cannot import afpi:host/database@1.0.0

(component
  (import "afpi:host/database@1.0.0" (instance
    (export "query" (func (param "sql" string) (result string))))))
