"""The library modules that programs import most: each is imported and does its main job.

One snippet a module, below its name, run in a namespace of its own; it asserts by itself. """
import sys

JOBS = r'''
sys:
    assert sys.version_info >= (3, 11)
    assert sys.getrecursionlimit() > 100
    assert sys.intern('a') is sys.intern('a')
os:
    assert os.path.isdir(os.getcwd())
    assert os.environ.get('PATH')
    assert os.sep == '/'
    assert os.stat(os.getcwd()).st_mode
collections:
    d = collections.Counter('abracadabra')
    assert d.most_common(1) == [('a', 5)]
    q = collections.deque([1, 2], maxlen=2)
    q.append(3)
    assert list(q) == [2, 3]
    P = collections.namedtuple('P', 'x y')
    assert P(1, 2)._replace(x=3) == (3, 2)
functools:
    assert functools.reduce(lambda a, b: a + b, range(5)) == 10
    f = functools.lru_cache(lambda n: n if n < 2 else f(n - 1) + f(n - 2))
    assert f(60) == 1548008755920
    assert functools.partial(pow, 2)(5) == 32
warnings:
    c = warnings.catch_warnings(record=True)
    w = c.__enter__()
    warnings.simplefilter('always')
    warnings.warn('x', UserWarning)
    c.__exit__(None, None, None)
    assert str(w[0].message) == 'x'
re:
    assert re.findall(r'(\w)(\d+)', 'a1 b22') == [('a', '1'), ('b', '22')]
    assert re.sub(r'(?P<n>x+)', lambda m: str(len(m['n'])), 'axxb') == 'a2b'
itertools:
    assert list(itertools.islice(itertools.chain('ab', itertools.count()), 4)) == ['a', 'b', 0, 1]
    assert len(list(itertools.permutations('abc'))) == 6
typing:
    assert typing.get_type_hints(typing.NamedTuple('N', [('a', int)])) == {'a': int}
    assert typing.Optional[int] == typing.Union[int, None]
__future__:
    assert __future__.annotations.compiler_flag
time:
    assert time.time() > 1e9
    assert time.strftime('%Y', time.gmtime(0)) == '1970'
    assert time.perf_counter_ns() > 0
io:
    assert io.TextIOWrapper(io.BytesIO('é\n'.encode())).readline() == 'é\n'
    assert io.StringIO('a\nb').readlines() == ['a\n', 'b']
contextlib:
    s = contextlib.ExitStack()
    seen = []
    s.callback(seen.append, 1)
    s.close()
    assert seen == [1] and contextlib.nullcontext(3).__enter__() == 3
math:
    assert math.isclose(math.gamma(5), 24)
    assert math.comb(10, 3) == 120
    assert math.hypot(3, 4) == 5
    assert math.isqrt(10**40) == 10**20
operator:
    assert operator.itemgetter(1, 0)('ab') == ('b', 'a')
    assert operator.attrgetter('real')(3) == 3
    assert operator.methodcaller('upper')('a') == 'A'
inspect:
    assert str(inspect.signature(lambda a, *b, c=1, **d: 0)) == '(a, *b, c=1, **d)'
    assert inspect.isfunction(inspect.getsource)
    assert 'def getsource' in inspect.getsource(inspect.getsource)
subprocess:
    assert subprocess.run(['echo', 'hi'], capture_output=True, text=True).stdout == 'hi\n'
threading:
    r = []
    t = threading.Thread(target=r.append, args=(1,))
    t.start()
    t.join()
    e = threading.Event()
    e.set()
    assert r == [1] and e.wait(1)
copy:
    a = [[1]]
    b = copy.deepcopy(a)
    b[0].append(2)
    assert a == [[1]] and copy.copy(a)[0] is a[0]
logging:
    import io
    s = io.StringIO()
    l = logging.getLogger('x')
    h = logging.StreamHandler(s)
    h.setFormatter(logging.Formatter('%(levelname)s:%(name)s:%(message)s'))
    l.addHandler(h)
    l.warning('a %d', 1)
    assert s.getvalue() == 'WARNING:x:a 1\n'
pathlib:
    p = pathlib.PurePosixPath('/a/b.tar.gz')
    assert (p.suffixes, p.stem, str(p.parent), p.with_name('c').name) == (['.tar', '.gz'], 'b.tar', '/a', 'c')
random:
    r = random.Random(1)
    assert r.random() == 0.13436424411240122 and r.randrange(100) == 97
    assert len(random.choices('ab', k=5)) == 5
collections.abc:
    import collections.abc as a
    assert isinstance([], a.Sequence) and not isinstance(3, a.Iterable)
types:
    assert types.SimpleNamespace(a=1).a == 1 and isinstance(types.MappingProxyType({1: 2})[1], int)
importlib:
    assert importlib.import_module('json.decoder').__name__ == 'json.decoder'
tempfile:
    f = tempfile.NamedTemporaryFile()
    f.write(b'x')
    f.flush()
    import os
    assert os.path.getsize(f.name) == 1
    f.close()
    assert not os.path.exists(f.name)
json:
    assert json.loads(json.dumps({'a': [1, 2.5, None, True, 'é']})) == {'a': [1, 2.5, None, True, 'é']}
    assert json.dumps({'b': 1, 'a': 2}, sort_keys=True, indent=1) == '{\n "a": 2,\n "b": 1\n}'
unittest:
    from unittest import mock
    T = type('T', (unittest.TestCase,), {'test_a': lambda self: self.assertEqual(1, 1)})
    import io
    assert unittest.TextTestRunner(io.StringIO()).run(unittest.defaultTestLoader.loadTestsFromTestCase(T)).wasSuccessful()
    m = mock.Mock(return_value=3)
    assert m(1) == 3 and m.call_count == 1
textwrap:
    assert textwrap.fill('aa bb cc', 5) == 'aa bb\ncc' and textwrap.dedent('  a\n   b') == 'a\n b'
argparse:
    p = argparse.ArgumentParser()
    p.add_argument('-n', type=int, default=1)
    p.add_argument('xs', nargs='*')
    n = p.parse_args(['-n', '3', 'a', 'b'])
    assert (n.n, n.xs) == (3, ['a', 'b']) and 'usage' in p.format_help()
datetime:
    d = datetime.datetime(2024, 2, 29, 12, tzinfo=datetime.timezone.utc)
    assert (d + datetime.timedelta(366)).isoformat() == '2025-03-01T12:00:00+00:00'
    assert datetime.date.fromisoformat('2024-01-01').weekday() == 0
    assert datetime.datetime.strptime('01/02/03', '%d/%m/%y').year == 2003
shutil:
    import tempfile, os
    t = tempfile.mkdtemp()
    open(t + '/a', 'w').close()
    shutil.copytree(t, t + 'b')
    assert os.listdir(t + 'b') == ['a']
    shutil.rmtree(t)
    shutil.rmtree(t + 'b')
    assert shutil.which('sh')
platform:
    assert platform.system() == 'Linux' and platform.python_version().startswith('3.')
os.path:
    import os
    assert os.path.join('a', 'b') == 'a/b'
    assert os.path.splitext('a.b') == ('a', '.b')
    assert os.path.relpath('/a/b', '/a/c') == '../b'
ctypes:
    assert ctypes.CDLL(None).abs(-3) == 3 and ctypes.sizeof(ctypes.c_long) == 8
    a = (ctypes.c_int * 3)(1, 2, 3)
    assert list(a) == [1, 2, 3]
struct:
    assert struct.unpack('<iHd', struct.pack('<iHd', -1, 7, 0.5)) == (-1, 7, 0.5)
    assert struct.calcsize('@ic') == 5
abc:
    C = abc.ABCMeta('C', (), {'f': abc.abstractmethod(lambda self: 0)})
    ok = False
    exec('try: C()\nexcept TypeError: ok = True')
    assert ok
enum:
    E = enum.Enum('E', 'A B')
    assert E.A.value == 1 and list(E) == [E.A, E['B']]
    F = enum.Flag('F', 'X Y')
    assert (F.X | F.Y) & F.X == F.X
traceback:
    assert traceback.format_exception_only(ValueError('x')) == ['ValueError: x\n']
string:
    assert string.Template('$a b').substitute(a=1) == '1 b'
    assert string.capwords('a b') == 'A B'
    assert string.Formatter().format('{0!r:>4}', 'a') == " 'a'"
weakref:
    A = type('A', (), {})
    a = A()
    r = weakref.ref(a)
    assert r() is a
    d = weakref.WeakKeyDictionary({a: 1})
    assert d[a] == 1
    f = weakref.finalize(a, print)
    assert f.alive
    f.detach()
hashlib:
    assert hashlib.sha256(b'abc').hexdigest()[:8] == 'ba7816bf'
    assert hashlib.md5(b'').hexdigest()[:6] == 'd41d8c'
    assert hashlib.blake2b(b'').hexdigest()[:6] == '786a02'
    assert hashlib.new('sha3_256').hexdigest()[:6] == 'a7ffc6'
    assert hashlib.pbkdf2_hmac('sha1', b'password', b'salt', 2).hex().startswith('ea6c014dc72d6f8c')
pickle:
    assert all(pickle.loads(pickle.dumps([1, {'a': (2.5, b'x', None)}], p)) == [1, {'a': (2.5, b'x', None)}] for p in range(6))
ast:
    assert ast.literal_eval('[1, {"a": (2,)}]') == [1, {'a': (2,)}]
    assert ast.unparse(ast.parse('x=1+ 2')) == 'x = 1 + 2'
builtins:
    assert builtins.len is len
glob:
    import tempfile
    t = tempfile.mkdtemp()
    open(t + '/a.x', 'w').close()
    assert glob.glob(t + '/*.x') == [t + '/a.x']
    import shutil
    shutil.rmtree(t)
numbers:
    assert isinstance(3, numbers.Integral)
    assert isinstance(2.5, numbers.Real)
    assert not isinstance(1j, numbers.Real)
dataclasses:
    D = dataclasses.make_dataclass('D', [('a', int), ('b', list, dataclasses.field(default_factory=list))], order=True)
    assert D(1) == D(1, [])
    assert dataclasses.asdict(D(1)) == {'a': 1, 'b': []}
    assert repr(D(2)) == 'D(a=2, b=[])'
urllib:
    import urllib.error
    assert urllib.error.URLError('x').reason == 'x'
pprint:
    assert pprint.pformat({'b': 1, 'a': list(range(40))}).startswith("{'a': [0,\n")
base64:
    assert base64.b64decode(base64.b64encode(b'\0\xff')) == b'\0\xff'
    assert base64.b85encode(b'abc') == b'VPaz'
    assert base64.b32encode(b'a') == b'ME======'
signal:
    old = signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    signal.raise_signal(signal.SIGUSR1)
    signal.signal(signal.SIGUSR1, old)
    assert signal.Signals(2).name == 'SIGINT'
errno:
    assert errno.errorcode[errno.ENOENT] == 'ENOENT'
shlex:
    assert shlex.split('a "b c" d') == ['a', 'b c', 'd'] and shlex.quote("it's") == "'it'\"'\"'s'"
multiprocessing:
    p = multiprocessing.get_context('fork').Pool(2)
    assert p.map(abs, [-1, 2, -3]) == [1, 2, 3]
    p.close()
    p.join()
atexit:
    atexit.register(len, '')
    atexit.unregister(len)
socket:
    a, b = socket.socketpair()
    a.sendall(b'x')
    assert b.recv(1) == b'x'
    a.close()
    b.close()
    assert socket.inet_aton('127.0.0.1') == b'\x7f\0\0\1'
urllib.parse:
    import urllib.parse as u
    assert u.urlsplit('http://a:1/b?c=d#e').port == 1
    assert u.quote('a b/é') == 'a%20b/%C3%A9'
    assert u.parse_qs('a=1&a=2') == {'a': ['1', '2']}
    assert u.urljoin('http://a/b/c', '../d') == 'http://a/d'
array:
    a = array.array('d', [1, 2])
    a.extend([3])
    assert a.tobytes()[-8:] == array.array('d', [3]).tobytes() and sum(a) == 6
bisect:
    assert bisect.bisect([1, 2, 2, 3], 2) == 3 and bisect.bisect_left([1, 2, 2, 3], 2) == 1
decimal:
    assert str(decimal.Decimal('0.1') + decimal.Decimal('0.2')) == '0.3'
    assert decimal.Decimal(2).sqrt().quantize(decimal.Decimal('0.001')) == decimal.Decimal('1.414')
queue:
    q = queue.PriorityQueue()
    q.put(2)
    q.put(1)
    assert q.get() == 1
    s = queue.SimpleQueue()
    s.put(1)
    assert s.get(timeout=1) == 1
importlib.metadata:
    import importlib.metadata as m
    assert isinstance(list(m.distributions()), list)
gc:
    gc.collect()
    assert gc.isenabled()
asyncio:
    ns = {'asyncio': asyncio}
    exec('async def g():\n return await asyncio.gather(*(asyncio.sleep(0, i) for i in range(5)))', ns)
    assert asyncio.run(ns['g']()) == [0, 1, 2, 3, 4]
concurrent.futures:
    import concurrent.futures as c
    e = c.ThreadPoolExecutor(2)
    assert list(e.map(abs, [-1, -2])) == [1, 2]
    e.shutdown()
sysconfig:
    assert sysconfig.get_path('stdlib') and sysconfig.get_python_version().startswith('3.')
urllib.request:
    import urllib.request as u
    assert u.urlopen('data:text/plain,hi').read() == b'hi'
timeit:
    assert timeit.timeit('1', number=10) >= 0
gzip:
    assert gzip.decompress(gzip.compress(b'a' * 1000)) == b'a' * 1000
binascii:
    assert binascii.hexlify(b'ab') == b'6162' and binascii.crc32(b'abc') == 891568578
fnmatch:
    assert fnmatch.filter(['a.py', 'b.c'], '*.py') == ['a.py']
heapq:
    h = [3, 1, 2]
    heapq.heapify(h)
    assert heapq.heappop(h) == 1 and heapq.nlargest(2, [1, 5, 3]) == [5, 3]
codecs:
    assert codecs.encode('abc', 'rot13') == 'nop'
    assert codecs.lookup('latin1').name == 'iso8859-1'
    assert codecs.decode(b'6162', 'hex') == b'ab'
tokenize:
    import io
    assert [t.string for t in tokenize.generate_tokens(io.StringIO('a + 1').readline)][:3] == ['a', '+', '1']
zipfile:
    import io
    b = io.BytesIO()
    z = zipfile.ZipFile(b, 'w', zipfile.ZIP_DEFLATED)
    z.writestr('a', 'x' * 99)
    z.close()
    assert zipfile.ZipFile(b).read('a') == b'x' * 99
http:
    assert http.HTTPStatus(404).phrase == 'Not Found'
fractions:
    assert fractions.Fraction(1, 3) + fractions.Fraction('1/6') == fractions.Fraction(1, 2)
    assert fractions.Fraction(0.5).denominator == 2
uuid:
    assert str(uuid.uuid5(uuid.NAMESPACE_DNS, 'python.org')) == '886313e1-3b8a-5372-9b90-0c9aee199e5d'
    assert uuid.uuid4().version == 4
doctest:
    assert doctest.testmod(doctest, verbose=False).failed == 0
html:
    assert html.escape('<a&"') == '&lt;a&amp;&quot;' and html.unescape('&eacute;') == 'é'
linecache:
    import os
    assert linecache.getline(os.__file__, 1).startswith('r"""OS')
locale:
    assert locale.localeconv()['decimal_point'] == '.'
    assert locale.format_string('%d', 1000) == '1000'
stat:
    assert stat.filemode(0o100644) == '-rw-r--r--'
unicodedata:
    assert unicodedata.normalize('NFD', 'é') == 'e\u0301'
    assert unicodedata.name('A') == 'LATIN CAPITAL LETTER A'
    assert unicodedata.category('1') == 'Nd'
mmap:
    m = mmap.mmap(-1, 10)
    m[:2] = b'ab'
    assert m.find(b'b') == 1
    m.close()
cmath:
    assert cmath.sqrt(-1) == 1j and abs(cmath.exp(1j * cmath.pi) + 1) < 1e-15
email:
    m = email.message_from_string('Subject: a\n\nbody')
    assert m['subject'] == 'a' and m.get_payload() == 'body'
configparser:
    c = configparser.ConfigParser()
    c.read_string('[a]\nb = 1')
    assert c.getint('a', 'b') == 1
dis:
    assert dis.COMPILER_FLAG_NAMES[1] == 'OPTIMIZED' and 'Name:' in dis.code_info(lambda: 1)
pkgutil:
    assert 'json' in {m.name for m in pkgutil.iter_modules()}
difflib:
    assert difflib.SequenceMatcher(None, 'abcd', 'bcde').ratio() == 0.75
    assert difflib.get_close_matches('appel', ['ape', 'apple']) == ['apple', 'ape']
hmac:
    assert hmac.new(b'key', b'The quick brown fox jumps over the lazy dog', 'sha256').hexdigest()[:8] == 'f7bc83f4'
    assert hmac.compare_digest('a', 'a')
keyword:
    assert keyword.iskeyword('for') and not keyword.iskeyword('x')
bz2:
    assert bz2.decompress(bz2.compress(b'abc' * 100)) == b'abc' * 100
pdb:
    import io
    o = io.StringIO()
    p = pdb.Pdb(stdin=io.StringIO('p 6 * 7\nc\n'), stdout=o, nosigint=True, readrc=False)
    p.run('y = 1', {})
    assert '42' in o.getvalue()
calendar:
    assert calendar.monthrange(2024, 2) == (3, 29) and calendar.isleap(2000)
optparse:
    p = optparse.OptionParser()
    p.add_option('-a', type='int')
    assert p.parse_args(['-a', '3'])[0].a == 3
cProfile:
    p = cProfile.Profile()
    assert p.runcall(len, 'ab') == 2
    import pstats, io
    pstats.Stats(p, stream=io.StringIO()).print_stats()
zlib:
    assert zlib.decompress(zlib.compress(b'x' * 100)) == b'x' * 100
    assert zlib.adler32(b'a') == 6422626
contextvars:
    v = contextvars.ContextVar('v', default=1)
    c = contextvars.copy_context()
    c.run(v.set, 2)
    assert v.get() == 1 and c[v] == 2
faulthandler:
    import tempfile
    f = tempfile.TemporaryFile()
    faulthandler.dump_traceback(f)
    f.seek(0)
    assert b'most recent call first' in f.read()
tarfile:
    import io
    b = io.BytesIO()
    t = tarfile.open(fileobj=b, mode='w:gz')
    i = tarfile.TarInfo('a')
    i.size = 2
    t.addfile(i, io.BytesIO(b'hi'))
    t.close()
    b.seek(0)
    assert tarfile.open(fileobj=b).extractfile('a').read() == b'hi'
code:
    s = {}
    i = code.InteractiveInterpreter(s)
    assert not i.runsource('x = 6 * 7') and s['x'] == 42 and i.runsource('if x:')
colorsys:
    assert colorsys.rgb_to_hsv(1, 0, 0) == (0.0, 1.0, 1)
xml.etree.ElementTree:
    import xml.etree.ElementTree as E
    r = E.fromstring('<a b="c"><d>e</d></a>')
    assert r.find('d').text == 'e' and E.tostring(r) == b'<a b="c"><d>e</d></a>'
csv:
    import io
    assert list(csv.reader(io.StringIO('a,"b,c"\n'))) == [['a', 'b,c']]
    s = io.StringIO()
    csv.DictWriter(s, ['x']).writerow({'x': 'q"'})
    assert s.getvalue() == '"q"""\r\n'
select:
    import os
    r, w = os.pipe()
    assert select.select([r], [w], [], 0)[1] == [w]
    os.close(r)
    os.close(w)
sqlite3:
    c = sqlite3.connect(':memory:')
    c.execute('create table t(a, b)')
    c.executemany('insert into t values (?, ?)', [(1, 'x'), (2, None)])
    assert c.execute('select sum(a), max(b) from t').fetchone() == (3, 'x')
    c.close()
ipaddress:
    assert ipaddress.ip_address('10.0.0.1') in ipaddress.ip_network('10.0.0.0/8')
    assert str(ipaddress.ip_address('::1') + 1) == '::2'
getopt:
    assert getopt.getopt(['-a', '1', 'b'], 'a:') == ([('-a', '1')], ['b'])
getpass:
    assert getpass.getuser()
statistics:
    assert statistics.median([3, 1, 2]) == 2
    assert statistics.stdev([1, 2, 3, 4]) == 1.2909944487358056
    assert abs(statistics.NormalDist().inv_cdf(0.975) - 1.959963984540054) < 1e-12
tomllib:
    assert tomllib.loads('a = [1, 2]\n[b]\nc = 1979-05-27') ['a'] == [1, 2]
secrets:
    assert len(secrets.token_hex(8)) == 16
lzma:
    assert lzma.decompress(lzma.compress(b'z' * 500)) == b'z' * 500
reprlib:
    assert reprlib.repr(list(range(100))) == '[0, 1, 2, 3, 4, 5, ...]'
selectors:
    s = selectors.DefaultSelector()
    import os
    r, w = os.pipe()
    s.register(w, selectors.EVENT_WRITE)
    assert len(s.select(0)) == 1
    s.close()
    os.close(r)
    os.close(w)
graphlib:
    assert list(graphlib.TopologicalSorter({'a': {'b'}, 'b': {'c'}}).static_order()) == ['c', 'b', 'a']
zoneinfo:
    import datetime
    z = zoneinfo.ZoneInfo('Europe/Berlin') if 'Europe/Berlin' in zoneinfo.available_timezones() else None
    assert z is None or datetime.datetime(2024, 7, 1, tzinfo=z).utcoffset() == datetime.timedelta(hours=2)
sched:
    r = []
    s = sched.scheduler()
    s.enter(0, 1, r.append, (1,))
    s.run()
    assert r == [1]
'''

failed, jobs = [], {}
for line in JOBS.strip().splitlines():
    if line.startswith(' '):
        jobs[name] += line.strip() + '\n'
    else:
        name = line.rstrip(':')
        jobs[name] = ''
assert len(jobs) > 110
for name, job in jobs.items():
    try:
        exec('import %s\n%s' % (name, job), {'__name__': 'job', 'sys': sys})
    except BaseException as error:
        failed.append('%s: %s: %s' % (name, type(error).__name__, error))
assert not failed, '\n'.join(failed)
