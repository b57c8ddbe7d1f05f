;; Attack: a pure kind that imports random numbers: its decisions could not be replayed
;; Expect: refused, cannot import afpi:host/random@1.0.0

(component
  (import "afpi:host/random@1.0.0" (instance
    (export "bytes" (func (param "count" u32) (result (list u8)))))))
