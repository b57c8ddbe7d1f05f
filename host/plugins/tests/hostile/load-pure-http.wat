;; Attack: a pure kind that would call out
;; Expect: refused, cannot import afpi:host/http-client@1.0.0

(component
  (import "afpi:host/http-client@1.0.0" (instance)))
