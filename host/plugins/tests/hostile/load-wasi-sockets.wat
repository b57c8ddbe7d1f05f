;; Attack: an import of raw sockets
;; Expect: refused, cannot import wasi:sockets/tcp-create-socket@0.2.0

(component
  (import "wasi:sockets/tcp-create-socket@0.2.0" (instance)))
