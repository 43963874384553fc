"""numpy.random.bit_generator: seeds, and the five sources of random bits."""
import _numpy as _n
import abc
import threading
from collections import namedtuple

_interface = namedtuple('interface', 'state_address state next_uint64 next_uint32 next_double bit_generator')


# ---- Seeds

def _uint32_array(x):
    """Entropy of any accepted kind as an array of uint32 words, least significant first."""
    if isinstance(x, _n.ndarray) and x.dtype == 'uint32':
        return x.copy()
    if isinstance(x, str):
        if x.startswith('0x'):
            x = int(x, 16)
        elif x.isdecimal():
            x = int(x)
        else:
            raise ValueError('unrecognized seed string')
    if isinstance(x, (int, _n.integer)):
        x = int(x)
        if x < 0:
            raise ValueError('expected non-negative integer')
        words = []
        while x or not words:
            words.append(x & 0xffffffff)
            x >>= 32
        return _n.array(words, 'uint32')
    if isinstance(x, (float, _n.inexact)):
        raise TypeError('seed must be integer')
    if len(x) == 0:
        return _n.array([], 'uint32')
    return _n.concatenate([_uint32_array(v) for v in x])


class ISeedSequence(abc.ABC):
    """Abstract base class for seed sequences."""

    @abc.abstractmethod
    def generate_state(self, n_words, dtype='uint32'):
        """Return the requested number of words for PRNG seeding."""
        raise NotImplementedError


class ISpawnableSeedSequence(ISeedSequence):
    """Abstract base class for seed sequences that can spawn."""

    @abc.abstractmethod
    def spawn(self, n_children):
        """Spawn a number of child seed sequences by extending the spawn_key."""
        raise NotImplementedError


class SeedlessSeedSequence(ISpawnableSeedSequence):
    """A seed sequence for bit generators with no need for seed state."""

    def generate_state(self, n_words, dtype='uint32'):
        """Raise NotImplementedError: there is no state."""
        raise NotImplementedError('seedless SeedSequences cannot generate state')

    def spawn(self, n_children):
        """As many references to itself."""
        return [self] * n_children


class SeedSequence(ISpawnableSeedSequence):
    """Mixes sources of entropy in a reproducible way to set the initial state for independent BitGenerators.

    Entropy and spawn key, cut into 32-bit words, are hashed into a pool from which any number of words is drawn.
    Source of the algorithm: M. E. O'Neill, "Developing a seed_seq alternative", 2015."""

    def __init__(self, entropy=None, *, spawn_key=(), pool_size=4, n_children_spawned=0):
        if pool_size < 4:
            raise ValueError('The size of the entropy pool should be at least 4')
        if entropy is None:
            import os
            entropy = int.from_bytes(os.urandom(4 * pool_size), 'little')
        elif not isinstance(entropy, (int, _n.integer, list, tuple, range, _n.ndarray, str)):
            raise TypeError('SeedSequence expects int or sequence of ints for entropy not {}'.format(entropy))
        self.entropy = entropy
        self.spawn_key = tuple(spawn_key)
        self.pool_size = pool_size
        self.n_children_spawned = n_children_spawned
        self.pool = _n.zeros(pool_size, 'uint32')
        _n._seed_mix(self._assembled(), self.pool)

    def _assembled(self):
        run, spawn = _uint32_array(self.entropy), _uint32_array(self.spawn_key)
        if len(spawn) > 0 and len(run) < self.pool_size:
            # Else a short entropy with a spawn key could equal a longer entropy without one.
            run = _n.concatenate([run, _n.zeros(self.pool_size - len(run), 'uint32')])
        return _n.concatenate([run, spawn])

    def __repr__(self):
        lines = ['%s(' % type(self).__name__, '    entropy=%r,' % (self.entropy,)]
        if self.spawn_key:
            lines.append('    spawn_key=%r,' % (self.spawn_key,))
        if self.pool_size != 4:
            lines.append('    pool_size=%r,' % self.pool_size)
        if self.n_children_spawned != 0:
            lines.append('    n_children_spawned=%r,' % self.n_children_spawned)
        return '\n'.join(lines + [')'])

    @property
    def state(self):
        """What is needed to make this sequence again."""
        return {k: getattr(self, k) for k in ('entropy', 'spawn_key', 'pool_size', 'n_children_spawned')
                if getattr(self, k) is not None}

    def generate_state(self, n_words, dtype='uint32'):
        """Return the requested number of words (uint32 or uint64) for PRNG seeding."""
        d = _n.dtype(dtype)
        if d == _n.dtype('uint32'):
            return _n._seed_state(self.pool, n_words)
        if d == _n.dtype('uint64'):
            return _n._seed_state(self.pool, 2 * n_words).view('uint64')
        raise ValueError('only support uint32 or uint64')

    def spawn(self, n_children):
        """Spawn a number of child SeedSequences by extending the spawn_key."""
        first = self.n_children_spawned
        self.n_children_spawned += n_children
        return [type(self)(self.entropy, spawn_key=self.spawn_key + (i,), pool_size=self.pool_size)
                for i in range(first, first + n_children)]


# ---- Bit generators



class BitGenerator:
    """Base class of the sources of random bits: state, seeding, locking.

    A subclass says which native generator it is (_kind), how many words of what type seed it, and translates its
    state to and from a dictionary."""
    _kind = None
    _seed_words = (4, 'uint64')

    def __init__(self, seed=None):
        if self._kind is None:
            raise NotImplementedError('BitGenerator is a base class and cannot be instantized')
        self.lock = threading.RLock()
        self._bits = _n._bits_new(self._kind)
        self._seed_seq = seed if isinstance(seed, ISeedSequence) or hasattr(seed, 'generate_state') else SeedSequence(seed)
        _n._bits_seed(self._bits, self._seed_seq.generate_state(*self._seed_words))

    @property
    def seed_seq(self):
        """The seed sequence used to initialize the bit generator."""
        return self._seed_seq

    def spawn(self, n_children):
        """Create new independent child bit generators."""
        if not hasattr(self._seed_seq, 'spawn'):
            raise TypeError('The underlying SeedSequence does not implement spawning.')
        return [type(self)(seed=s) for s in self._seed_seq.spawn(n_children)]

    def random_raw(self, size=None, output=True):
        """Return raw words of the generator, or None where output is false."""
        return _n._bits_raw(self._bits, size, output)

    def _benchmark(self, cnt, method='uint64'):
        """Draw cnt words and drop them."""
        if method not in ('uint64', 'double'):
            raise ValueError('Unknown method')
        _n._bits_raw(self._bits, cnt, False)

    def _check(self, value):
        if not isinstance(value, dict):
            raise TypeError('state must be a dict')
        name = value.get('bit_generator', '')
        if name != type(self).__name__:
            raise ValueError('state must be for a %s %s' % (type(self).__name__, 'RNG' if isinstance(self, _Pcg) else 'PRNG'))

    @property
    def capsule(self):
        """The native functions, for other native code."""
        return _n._bits_capsule(self._bits)

    @property
    def ctypes(self):
        """The native functions as ctypes objects."""
        import ctypes as c
        a = _n._bits_address(self._bits)
        return _interface(a[0], c.c_void_p(a[1]), c.CFUNCTYPE(c.c_uint64, c.c_void_p)(a[2]),
                          c.CFUNCTYPE(c.c_uint32, c.c_void_p)(a[3]), c.CFUNCTYPE(c.c_double, c.c_void_p)(a[4]),
                          c.c_void_p(a[0]))

    @property
    def cffi(self):
        """The native functions as cffi objects."""
        import cffi  # noqa: F401  (ImportError where it is missing)
        raise NotImplementedError('cffi is not supported: use ctypes')

    def __getstate__(self):
        return self.state

    def __setstate__(self, state):
        if isinstance(state, dict):
            self.state = state
        else:
            self._seed_seq = state[1]
            self.state = state[0]

    def __reduce__(self):
        from numpy.random._pickle import __bit_generator_ctor
        return __bit_generator_ctor, (type(self),), (self.state, self._seed_seq)

    def _copy(self):
        new = type(self)(seed=0)
        new.state = self.state
        return new


def _limbs(n, bits):
    return (int(n) % (1 << bits)).to_bytes(32, 'little')


def _int_delta(delta):
    if isinstance(delta, float) or not hasattr(delta, '__index__'):
        raise TypeError('delta must be an integer')
    return int(delta)


class _Pcg(BitGenerator):
    # 2^128 divided by the golden ratio: jumps of that size stay far from each other.
    _JUMP = 0x9e3779b97f4a7c15f39cc0605cedc835

    @property
    def state(self):
        """Get or set the PRNG state."""
        raw, has, half = _n._bits_get(self._bits)
        return {'bit_generator': type(self).__name__,
                'state': {'state': int.from_bytes(raw[:16], 'little'), 'inc': int.from_bytes(raw[16:], 'little')},
                'has_uint32': has, 'uinteger': half}

    @state.setter
    def state(self, value):
        self._check(value)
        s = value['state']
        raw = int(s['state']).to_bytes(16, 'little') + int(s['inc']).to_bytes(16, 'little')
        _n._bits_set(self._bits, raw, value['has_uint32'], value['uinteger'])

    def advance(self, delta):
        """Advance the underlying RNG as if delta draws have occurred."""
        _n._bits_advance(self._bits, _limbs(_int_delta(delta), 128))
        return self

    def jumped(self, jumps=1):
        """Return a new bit generator with the state jumped as if about 2^128 / 1.618 draws have been made."""
        return self._copy().advance(self._JUMP * int(jumps))


class PCG64(_Pcg):
    """BitGenerator for the PCG-64 pseudo-random number generator: period 2^128, 64-bit words."""
    _kind = 0


class PCG64DXSM(_Pcg):
    """BitGenerator for the PCG-64 DXSM pseudo-random number generator."""
    _kind = 1


class MT19937(BitGenerator):
    """Container for the Mersenne Twister pseudo-random number generator: period 2^19937 - 1, 32-bit words."""
    _kind = 2
    _seed_words = (624, 'uint32')

    def _legacy_seeding(self, seed):
        """Seed as RandomState does: an int below 2^32, an array of those, or None."""
        if seed is None:
            self._seed_seq = SeedSequence()
            _n._bits_seed(self._bits, self._seed_seq.generate_state(624, 'uint32'))
            return
        if hasattr(seed, 'squeeze'):
            seed = _n.asarray(seed).squeeze()
        try:
            i = seed.__index__() if not isinstance(seed, _n.ndarray) or seed.ndim == 0 else None
        except (AttributeError, TypeError):
            i = None
        if i is not None:
            if i > 0xffffffff or i < 0:
                raise ValueError('Seed must be between 0 and 2**32 - 1')
            _n._bits_seed_mt(self._bits, i)
        else:
            a = _n.asarray(seed)
            if a.size == 0:
                raise ValueError('Seed must be non-empty')
            a = a.astype('int64', casting='safe')
            if a.ndim != 1:
                raise ValueError('Seed array must be 1-d')
            if ((a > 0xffffffff) | (a < 0)).any():
                raise ValueError('Seed must be between 0 and 2**32 - 1')
            _n._bits_seed_mt(self._bits, a.astype('uint32'))
        self._seed_seq = None

    @property
    def state(self):
        """Get or set the PRNG state."""
        raw, _, _ = _n._bits_get(self._bits)
        return {'bit_generator': 'MT19937', 'state': {'key': _n.frombuffer(raw[:-4], 'uint32').copy(),
                                                      'pos': int.from_bytes(raw[-4:], 'little')}}

    @state.setter
    def state(self, value):
        if isinstance(value, tuple):
            if value[0] != 'MT19937' or len(value) not in (3, 5):
                raise ValueError('state is not a legacy MT19937 state')
            value = {'bit_generator': 'MT19937', 'state': {'key': value[1], 'pos': value[2]}}
        self._check(value)
        key = _n.asarray(value['state']['key'])
        pos = int(value['state']['pos'])
        if key.shape != (624,) or not 0 <= pos <= 624:
            raise ValueError('state is not a legacy MT19937 state')
        _n._bits_set(self._bits, key.astype('uint32').tobytes() + pos.to_bytes(4, 'little'), 0, 0)

    def jumped(self, jumps=1):
        """Return a new bit generator with the state jumped as if 2^128 draws have been made, `jumps` times."""
        new = self._copy()
        for _ in range(jumps):
            _n._bits_advance(new._bits, bytes(32))
        return new


class Philox(BitGenerator):
    """Container for the Philox (4x64) pseudo-random number generator: a counter of 256 bits under a key of 128."""
    _kind = 3
    _seed_words = (2, 'uint64')

    def __init__(self, seed=None, counter=None, key=None):
        if seed is not None and key is not None:
            raise ValueError('seed and key cannot be both used')
        if key is None:
            super().__init__(seed)
            if counter is None:
                return
            key = _n.frombuffer(_n._bits_get(self._bits)[0][32:48], 'uint64')
        else:
            super().__init__(0)
            self._seed_seq = SeedlessSeedSequence()
        words = [_int_words(key, 'key', 128), _int_words(0 if counter is None else counter, 'counter', 256)]
        self._set(words[1], words[0], _n.zeros(4, 'uint64'), 4, 0, 0)

    def _set(self, counter, key, buffer, pos, has, half):
        if counter.shape != (4,) or key.shape != (2,) or buffer.shape != (4,):
            raise ValueError('state has arrays of the wrong length')
        raw = counter.tobytes() + key.tobytes() + buffer.tobytes() + int(pos).to_bytes(8, 'little')
        _n._bits_set(self._bits, raw, has, half)

    @property
    def state(self):
        """Get or set the PRNG state."""
        raw, has, half = _n._bits_get(self._bits)
        words = _n.frombuffer(raw[:80], 'uint64').copy()
        return {'bit_generator': 'Philox', 'state': {'counter': words[:4].copy(), 'key': words[4:6].copy()},
                'buffer': words[6:].copy(), 'buffer_pos': int.from_bytes(raw[80:84], 'little'), 'has_uint32': has, 'uinteger': half}

    @state.setter
    def state(self, value):
        self._check(value)
        a = [_n.asarray(x).astype('uint64') for x in (value['state']['counter'], value['state']['key'], value['buffer'])]
        self._set(*a, value['buffer_pos'], value['has_uint32'], value['uinteger'])

    def advance(self, delta):
        """Advance the underlying RNG as if delta draws (of four words) have occurred."""
        _n._bits_advance(self._bits, _limbs(_int_delta(delta), 256))
        return self

    def jumped(self, jumps=1):
        """Return a new bit generator with the state jumped by 2^128 counts."""
        return self._copy().advance((1 << 128) * int(jumps))


def _int_words(value, name, bits):
    """An int, or an array of uint64, as that many words."""
    if hasattr(value, '__index__') and not isinstance(value, _n.ndarray):
        value = int(value)
        if value < 0:
            raise ValueError('%s must be positive' % name)
        if value >= 1 << bits:
            raise ValueError('%s must be less than 2**%d' % (name, bits))
        return _n.frombuffer(value.to_bytes(bits // 8, 'little'), 'uint64').copy()
    a = _n.asarray(value)
    if isinstance(value, float) or a.dtype.kind not in 'iu':
        raise TypeError('%s must be integer' % name if isinstance(value, float) else
                        'Cannot cast array from %r to %r according to the rule \'safe\'' % (a.dtype, _n.dtype('uint64')))
    if a.shape != (bits // 64,):
        raise ValueError('%s must have %d elements when using array form' % (name, bits // 64))
    return a.astype('uint64')


class SFC64(BitGenerator):
    """BitGenerator for Chris Doty-Humphrey's Small Fast Chaotic PRNG."""
    _kind = 4
    _seed_words = (3, 'uint64')

    @property
    def state(self):
        """Get or set the PRNG state."""
        raw, has, half = _n._bits_get(self._bits)
        return {'bit_generator': 'SFC64', 'state': {'state': _n.frombuffer(raw, 'uint64').copy()}, 'has_uint32': has,
                'uinteger': half}

    @state.setter
    def state(self, value):
        self._check(value)
        a = _n.asarray(value['state']['state']).astype('uint64')
        _n._bits_set(self._bits, a.tobytes(), value['has_uint32'], value['uinteger'])


for _c in (PCG64, PCG64DXSM, MT19937, Philox, SFC64):
    _c.__module__ = {'PCG64': 'numpy.random._pcg64', 'PCG64DXSM': 'numpy.random._pcg64', 'MT19937': 'numpy.random._mt19937',
                     'Philox': 'numpy.random._philox', 'SFC64': 'numpy.random._sfc64'}[_c.__name__]
del _c
