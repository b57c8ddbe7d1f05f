;; Attack: garbage-collected structs, a proposal that is off
;; Expect: refused, not valid

(component
  (core module
    (type $s (struct (field i32))) (func (drop (struct.new_default $s)))))
