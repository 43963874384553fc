/* signal_module.h: Python's signal handlers. */
#ifndef RUNTIME_VM_SIGNAL_MODULE_H
#define RUNTIME_VM_SIGNAL_MODULE_H

void kr_signal_module_init(void); /* safepoints run handlers from now on; Ctrl-C raises KeyboardInterrupt */

#endif
