/* Prototypes of the runtime functions of rt.def. */
#ifndef JIT_RUN_RT_H
#define JIT_RUN_RT_H

#include <stdbool.h>
#include <stdint.h>

double jit_rt_truediv(int64_t a, int64_t b);
int64_t jit_rt_cmp_int_float(int64_t a, double b);
double jit_rt_round_digits(double x, int64_t digits);
int64_t jit_rt_gcd(int64_t a, int64_t b);
double jit_rt_ldexp(double x, int64_t n);
double jit_rt_frexp(double x, void *exponent);
double jit_rt_sum_f64(void *data, int64_t n, int64_t stride);
float jit_rt_sum_f32(void *data, int64_t n, int64_t stride);
int64_t jit_rt_sum_spread(void *data, int64_t n, int64_t stride, void *result, bool single);
void jit_rt_fill(void *data, int64_t n, void *item, int64_t size);
void jit_rt_copy(void *target, void *target_strides, void *source, void *source_strides,
                 void *shape, int64_t rank, int64_t size);
bool jit_rt_overlap(void *a, void *a_shape, void *a_strides, void *b, void *b_shape,
                    void *b_strides, int64_t a_rank, int64_t b_rank, int64_t size);
void jit_rt_print_int(int64_t x);
void jit_rt_print_uint(int64_t x);
void jit_rt_print_float(double x);
void jit_rt_print_float32(float x);
void jit_rt_print_complex(double re, double im);
void jit_rt_print_bool(bool x);
void jit_rt_print_char(int64_t c);
void jit_rt_print_end(void);
void jit_rt_called_at(int64_t line, int64_t col, int64_t end_line, int64_t end_col);
/* Gives (and forgets) the place that this thread noted last; false: none. */
bool jit_rt_take_place(int32_t place[4]);
int64_t jit_rt_native(void *words);
double jit_rt_random(int64_t row);
int64_t jit_rt_random_int(int64_t lowest, int64_t span);
void jit_rt_cfn(int64_t op, double re, double im, void *out);
void jit_rt_cfnf(int64_t op, double re, double im, void *out);
void jit_rt_npy_cpow(double are, double aim, double bre, double bim, void *out);
void jit_rt_npy_cpowf(double are, double aim, double bre, double bim, void *out);
int64_t jit_rt_parfor_blocks(int64_t n);
int64_t jit_rt_watch(void *data, int64_t offset, int64_t write, int64_t line, int64_t rank,
                     int64_t stride0, int64_t stride1, int64_t stride2);
int64_t jit_rt_threads(void);
int64_t jit_rt_thread_id(void);
int64_t jit_rt_poll(void); /* nonzero: end with KeyboardInterrupt, or in vain */
int64_t jit_rt_parfor_copies(int64_t n, int64_t items);
int64_t jit_rt_parfor_rows(int64_t n, int64_t items);
int64_t jit_rt_cpow(double are, double aim, double bre, double bim, void *out);
/* words: a, b, c, m, n, k, strides of a (2), b (2), c (2) in bytes, JitDtype. c = a @ b. */
void jit_rt_matmul(void *words);
int64_t jit_rt_ipow(int64_t a, int64_t n);
/* Nonzero: a ** n does not fit. n >= 0 */
int32_t jit_rt_pow_overflow(int64_t a, int64_t n, int64_t *out);
bool jit_rt_stack_room(void); /* stack.c */
void *jit_rt_stack_limit(void);
/* Not 0 while a signal waits: only then compiled loops call jit_rt_poll. */
#define jit_rt_attention kr_thread_attention
extern _Atomic uint32_t jit_rt_attention;
/* poll.c: a jit_rt_poll_hook for kernels that run without the pool. */
int64_t jit_poll_signals(void);

#endif
