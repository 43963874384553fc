# Warnings of the compiler, and warnings turned into errors.
import warnings
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter('always', category=DeprecationWarning)
    eval("'''\n\\z'''")
print(len(w))
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter('error', category=DeprecationWarning)
    try: eval("'''\n\\z'''")
    except SyntaxError as e: print(e, e.filename, e.lineno)
print(len(w))
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter('error', category=SyntaxWarning)
    try: eval("x is 1")
    except SyntaxError as e: print(e, e.args)
    try: compile("assert (1,2)", 'f','exec')
    except SyntaxError as e: print(e, e.args)
    compile("1 if 'a' else 5()", 'f','exec') if 0 else 0
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter('always')
    for s in ["1 is x","x is not 'a'","x is ()","1(2)","[1](2)","'a'['b']","[1]['a']","5[1]","None[1]","{1}[1]","f'a'(1)","(1,2)[1.5]","(lambda: 0)[1]","assert (x, 'y')","assert ()","x = '\\d'", "0xfor x in y","1or x", "x == 1 is 2", "[1, 2](0)[1:2]", "'a'[1:2]", "'a'[x]","True[1]","...[1]"]:
        n=len(w)
        try: compile(s,'f','exec')
        except SyntaxError as e: print(s,e)
        for m in w[n:]: print(s,'|',m.category.__name__,m.message,m.lineno,m.filename)
