"""Calls of `fitnet fit` that are refused: the table, the words, and the sentence."""

SOUND = b"a,b,y\n" + b"".join(b"%d,%d,%d\n" % (i, i % 3, 2 * i) for i in range(12))
FIT = ("fit", "t.csv", "--target", "y", "--hidden", "3", "--epochs", "2")
HAS = "it has a, b, y."
OTHER_ROWS = (
    "The training in kept was begun with other rows or another seed; to resume it the table and the options that "
    "choose rows and seed must be as they were."
)
MISSING = "--missing drop leaves those rows out and --missing impute fills gaps of the inputs in."
NOT_NAMES = 'is not a list of column names such as a,b or "a, in mm",b.'
NOT_WIDTHS = "is not a list of whole numbers such as 64,64."

# the bytes of t.csv, what is typed, and the whole of standard error after "fitnet: "
REFUSED_FITS = [
    (b"", FIT, "t.csv is empty."),
    (b"\n\n", FIT, "t.csv is empty."),
    (b"\xef\xbb\xbf", FIT, "t.csv is empty."),
    (b"a,b,y\n", FIT, "t.csv has no rows; a table must have at least one below its header line."),
    (b"\na,b,y\n1,2,3\n", FIT, "t.csv begins with a blank line; its first line must name the columns."),
    (
        b"1,2,3\n4,5,6\n",
        FIT,
        "t.csv seems to have no header line: its first line holds numbers; it must name the columns.",
    ),
    (b"a,a,y\n1,2,3\n", FIT, "t.csv has two columns named 'a'; every name must be there once."),
    (b"a, a ,y\n1,2,3\n", FIT, "t.csv has two columns named 'a'; every name must be there once."),
    (b"a,,y\n1,2,3\n", FIT, "t.csv has no name for column 2 in its header line; every column must have one."),
    (b"a,b,y\n1,2,3\n1,2\n", FIT, "t.csv has 2 cells in line 3; its header line names 3 columns."),
    (b"a,b,y\n1,2,3,4\n", FIT, "t.csv has 4 cells in line 2; its header line names 3 columns."),
    (b"a,b,y\n1,2,3\n\n4,5,6\n", FIT, "t.csv has a blank line 3; only the last lines of a table may be blank."),
    (b'a,b,y\n1,"2,3\n', FIT, "t.csv has a quotation mark out of place or unclosed in line 2."),
    (b"a,b,y\n1,2,\xff\n", FIT, "t.csv is not UTF-8 text: line 2 holds the byte 0xff; save it as UTF-8."),
    (b"a,b,y\n1,2,3\0\n", FIT, "t.csv is not text: line 2 holds a zero byte; save it as UTF-8."),
    (b"a,b,y\n1,2,3\n1,two,3\n", FIT, "t.csv has 'two' in column 'b', line 3, which is not a number."),
    (b"a;b;y\r\n1;2;3\r\n1;2;x\r\n", FIT, "t.csv has 'x' in column 'y', line 3, which is not a number."),
    (b'a,b,y\n1,"2\n3",4\n1,5,2\n', FIT, "t.csv has '2\\n3' in column 'b', line 2, which is not a number."),
    (
        b"a,b,y\n2020-01-02,1,2\n",
        FIT,
        "t.csv has '2020-01-02' in column 'a', line 2, which is a date; make numbers of dates, such as the days since "
        "the first, (t - t.min()).dt.total_seconds() / 86400 in pandas and polars.",
    ),
    (
        b'a,b,y\n1,"1,5",2\n',
        FIT,
        "t.csv has '1,5' in column 'b', line 2, which is not a number "
        "(decimal commas are read where semicolons separate the cells).",
    ),
    (
        b"a;y\n1,5;2\n1.5;3\n",
        FIT,
        "t.csv has both decimal commas ('1,5' in line 2) and decimal points ('1.5' in line 3) in column 'a'; "
        "it must have one kind.",
    ),
    (b"a,b,y\n1,inf,3\n", FIT, "t.csv has 'inf' in column 'b', line 2; every number must be finite in float64."),
    (b"a,b,y\n1,2,1e999\n", FIT, "t.csv has '1e999' in column 'y', line 2; every number must be finite in float64."),
    (
        b"a,b,y\n1,,3\nNA,,3\n1,2,nan\n",
        FIT,
        f"t.csv has missing values in a (1), b (2), y (1); {MISSING}",
    ),
    (
        b"a,b,c,d,e,f,g,y\n,,,,,,,1\n",
        FIT,
        f"t.csv has missing values in a (1), b (1), c (1), d (1), e (1) and 2 more; {MISSING}",
    ),
    (
        b"a,b,y\n1,,3\n2,,\n",
        (*FIT, "--missing", "impute"),
        "t.csv has no value at all in column 'b'; it must be left out.",
    ),
    (SOUND, (*FIT, "--missing", "fill"), "`--missing` is 'fill'; it must be one of refuse, drop, impute."),
    (
        SOUND,
        (*FIT, "--missing", "impute", "--drop-missing"),
        "`--missing` is 'impute' beside `--drop-missing`; it must be 'drop' or left out.",
    ),
    (SOUND, ("fit", "-", "--target", "y"), "`--out` must be given where `TABLE` is standard input."),
    (
        b"a;b;y\n0,13;1.133;0,26\n0,76;134;0,70\n",
        FIT,
        "t.csv has '1.133' in column 'b', line 2, which may be 1133 or 1.133, for column 'a' has '0,13'; numbers must "
        "have one decimal mark throughout and nothing between thousands.",
    ),
    (
        b"a;b;y\nm;s;K\n1;2;3\n",
        FIT,
        "t.csv has 'm' in column 'a', line 2, which is not a number (units below the names are read with --units-row, "
        "`units_row=True`).",
    ),
    (
        b"a,b,y\n1,,3\nNA,2,3\n",
        (*FIT, "--drop-missing"),
        "t.csv has a missing value in every row, in a (1), b (1); no row is left.",
    ),
    (
        b"a,b,y\n1,2,3\n",
        FIT,
        "`--test-fraction` is 0.2 and keeps out all of 1 row; one must be left for training.",
    ),
    (
        b"a,b,y\n1,2,3\n",
        (*FIT, "--early-stopping", "--test-fraction", "0"),
        "`--early-stopping` keeps 1 row of 1 out of training; at least one must be left.",
    ),
    (
        b"a,b,y\n1,2,-3\n4,5,6\n",
        (*FIT, "--loss", "poisson", "--test-fraction", "0"),
        "`--loss` is 'poisson' and column 'y' holds -3; its targets must be at least 0.",
    ),
    (b"y\n1\n2\n", FIT, "`--target` holds every column of t.csv; at least one must be left as a feature."),
    (
        SOUND,
        (*FIT, "--features", "a,y"),
        "`--features` holds 'y', which is a target; a column can be one of the two.",
    ),
    (SOUND, (*FIT, "--features", "a,a"), "`--features` holds 'a' twice; it must name every column once."),
    (SOUND, (*FIT, "--features", "a,c"), f"t.csv has no column 'c'; {HAS}"),
    (SOUND, (*FIT, "--features", "a,"), f"Invalid value for '--features': 'a,' {NOT_NAMES}"),
    (SOUND, (*FIT, "--features", ""), f"Invalid value for '--features': '' {NOT_NAMES}"),
    (SOUND, (*FIT, "--features", '"a'), f"Invalid value for '--features': '\"a' {NOT_NAMES}"),
    (SOUND, (*FIT, "--target", "y"), "`--target` holds 'y' twice; it must name every column once."),
    (SOUND, (*FIT, "--target", "bb"), f"t.csv has no column 'bb' (did you mean 'b'?); {HAS}"),
    (SOUND, (*FIT, "--target", ""), f"t.csv has no column ''; {HAS}"),
    (SOUND, ("fit", "t.csv"), "Missing option '--target'; t.csv has a, b, y: fitnet fit t.csv --target y"),
    (SOUND, ("fit",), "Missing argument 'TABLE'; see fitnet fit --help."),
    (SOUND, ("fit", "gone.csv", "--target", "y"), "gone.csv: No such file or directory."),
    (
        SOUND,
        ("fit", "box", "--target", "y"),
        "box is a folder without CSV or Parquet files; it must be a file or have some in it, or be a pattern such as "
        "'box/**/*.parquet', which goes through the folders below.",
    ),
    (
        SOUND,
        ("fit", "t.ods", "--target", "y"),
        "t.ods has the extension '.ods'; it must be one of .csv, .tsv, .txt, .dat, .parquet, .pq, .feather, .arrow, "
        ".xlsx, .xlsm, .fits, .fit, .fts; did you mean t.xlsx?",
    ),
    (
        SOUND,
        ("fit", "text.parquet", "--target", "y"),
        "text.parquet is not a Parquet file, or it was cut short or damaged.",
    ),
    (SOUND, (*FIT, "--test-fraction", "1"), "`--test-fraction` is 1; it must be at least 0 and below 1."),
    (SOUND, (*FIT, "--test-fraction", "-0.1"), "`--test-fraction` is -0.1; it must be at least 0 and below 1."),
    (SOUND, (*FIT, "--test-fraction", "nan"), "`--test-fraction` is nan; it must be at least 0 and below 1."),
    (
        SOUND,
        (*FIT, "--test-fraction", "0.99"),
        "`--test-fraction` is 0.99 and keeps out all of 12 rows; one must be left for training.",
    ),
    (SOUND, (*FIT, "--hidden", "0"), "`--hidden` is 0; it must be at least 1."),
    (SOUND, (*FIT, "--hidden", "8,x"), f"Invalid value for '--hidden': '8,x' {NOT_WIDTHS}"),
    (
        SOUND,
        (*FIT, "--activation", "rleu"),
        "`--activation` is 'rleu'; it must be one of identity, relu, tanh, logistic, silu, gelu, softplus, leaky_relu, "
        "exponential (did you mean 'relu'?).",
    ),
    (
        SOUND,
        (*FIT, "--loss", "mse"),
        "`--loss` is 'mse'; it must be one of squared_error, absolute_error, huber, quantile, poisson, cross_entropy "
        "(did you mean 'squared_error'?).",
    ),
    (
        SOUND,
        (*FIT, "--solver", "adm"),
        "`--solver` is 'adm'; it must be one of auto, adam, momentum, gradient-descent, lm, lm-bayesian, lbfgs "
        "(did you mean 'adam'?).",
    ),
    (SOUND, (*FIT, "--learning-rate", "0"), "`--learning-rate` is 0; it must be above 0 and at most 1."),
    (SOUND, (*FIT, "--learning-rate", "fast"), "Invalid value for '--learning-rate': 'fast' is not a valid float."),
    (SOUND, (*FIT, "--alpha", "-1"), "`--alpha` is -1; it must be at least 0."),
    (SOUND, (*FIT, "--alpha", "inf"), "`--alpha` is inf; it must be finite and at least 0."),
    (SOUND, (*FIT, "--dropout", "1"), "`--dropout` is 1; it must be at least 0 and below 1."),
    (
        SOUND,
        (*FIT, "--dropout", "0.2", "--solver", "lm"),
        "`--dropout` is 0.2; with LevenbergMarquardt it must be 0: only optimizers such as Adam() drop units.",
    ),
    (SOUND, (*FIT, "--batch-size", "0"), "`--batch-size` is 0; it must be at least 1."),
    (SOUND, (*FIT, "--epochs", "0"), "`--epochs` is 0; it must be at least 1."),
    (SOUND, (*FIT, "--seed", "-1"), "`--seed` is -1; it must be at least 0."),
    (SOUND, (*FIT, "--dtype", "float16"), "`--dtype` is 'float16'; it must be float32 or float64."),
    (SOUND, (*FIT, "--threads", "0"), "`--threads` is 0; it must be at least 1."),
    (SOUND, (*FIT, "--frob"), "No such option '--frob'; see fitnet fit --help."),
    (SOUND, (*FIT, "extra"), "Got unexpected extra argument (extra); see fitnet fit --help."),
    (SOUND, (*FIT, "--out", "m.txt"), "`--out` is 'm.txt'; a model file's name must end in .fitnet."),
    (SOUND, (*FIT, "--out", "folder.fitnet"), "`--out` is 'folder.fitnet', a folder; it must be a file."),
    (SOUND, (*FIT, "--out", "gone/m.fitnet"), "gone/m.fitnet: No such file or directory."),
    (SOUND, (*FIT, "--out", "/proc/m.fitnet"), "/proc/m.fitnet: No such file or directory."),
    (SOUND, (*FIT, "--resume"), "`--resume` needs `--checkpoint`, to go on from."),
    (SOUND, (*FIT, "--checkpoint", "folder"), "`--checkpoint` is 'folder', a folder; it must be a file."),
    (SOUND, (*FIT, "--checkpoint", "gone/kept"), "gone/kept: No such file or directory."),
    (SOUND, (*FIT, "--checkpoint", "t.csv"), "`--checkpoint` is 't.csv', which is `TABLE` too; they must differ."),
    (
        SOUND,
        (*FIT, "--checkpoint", "./t.fitnet"),
        "`--checkpoint` is 't.fitnet', which is `--out` too; they must differ.",
    ),
    (
        SOUND,
        (*FIT, "--checkpoint", "model.fitnet", "--resume"),
        "model.fitnet is a safetensors file, but not a fitnet checkpoint.",
    ),
    (
        SOUND,
        (*FIT, "--checkpoint", "text.parquet", "--resume"),
        "text.parquet is not a fitnet checkpoint file, or it was cut short or damaged.",
    ),
    (SOUND.replace(b"\n3,0", b"\n3,1"), (*FIT, "--checkpoint", "kept", "--resume"), OTHER_ROWS),
    (
        SOUND,
        (*FIT, "--checkpoint", "kept", "--resume", "--learning-rate", "0.1"),
        "`--solver` is Adam(learning_rate=0.1, beta1=0.9, beta2=0.999, epsilon=1e-08, "
        "schedule=Cosine(final_factor=0.0), max_epochs=None, weight_decay=0.0); to resume the training in kept it "
        "must be Adam(learning_rate=0.005, beta1=0.9, beta2=0.999, epsilon=1e-08, "
        "schedule=Cosine(final_factor=0.0), max_epochs=None, weight_decay=0.0), as it was.",
    ),
    (
        SOUND,
        (*FIT, "--checkpoint", "kept", "--resume", "--hidden", "4"),
        "`--hidden` is Network(layers=[Dense(inputs=2, outputs=4, activation='relu'), "
        "Dense(inputs=4, outputs=1, activation='identity')]); to resume the training in kept it must be "
        "Network(layers=[Dense(inputs=2, outputs=3, activation='relu'), "
        "Dense(inputs=3, outputs=1, activation='identity')]), as it was.",
    ),
    (SOUND, (*FIT, "--checkpoint", "kept", "--resume", "--seed", "1"), OTHER_ROWS),
    (SOUND, (*FIT, "--checkpoint", "kept", "--resume", "--test-fraction", "0.3"), OTHER_ROWS),
    (SOUND, (*FIT, "--checkpoint", "kept", "--resume", "--features", "b,a"), OTHER_ROWS),
    (
        SOUND,
        (*FIT, "--checkpoint", "kept", "--resume", "--alpha", "0.5"),
        "`--alpha` is 0.5; to resume the training in kept it must be 0.0, as it was.",
    ),
    (
        SOUND,
        (*FIT, "--checkpoint", "kept", "--resume", "--dtype", "float64"),
        "`--dtype` is 'float64'; to resume the training in kept it must be 'float32', as it was.",
    ),
    (
        SOUND,
        (*FIT, "--checkpoint", "kept", "--resume", "--epochs", "3"),
        "`--epochs` is 3; to resume the training in kept it must be 2, as it was, because "
        "the learning rate's schedule depends on it.",
    ),
]
