;; Attack: a pure kind that imports the clock: its decisions could not be replayed
;; Expect: refused, cannot import afpi:host/clock@1.0.0

(component
  (import "afpi:host/clock@1.0.0" (instance
    (export "now" (func (result u64))))))
