;; Attack: a pure kind that imports HTTP requests
;; Expect: refused, cannot import afpi:host/http-client@1.0.0

(component
  (import "afpi:host/http-client@1.0.0" (instance)))
