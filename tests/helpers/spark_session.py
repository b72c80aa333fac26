"""One Spark session for all tests of a process; without pyspark and Java they are skipped."""

import functools
import os
import shutil
import sys

import pytest


@functools.cache
def spark():
    pytest.importorskip("pyspark", reason="pip install 'biblinkage[spark]'", exc_type=ImportError)
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("needs Java 17 or later")
    from pyspark.sql import SparkSession

    from linkage.engines.spark_engine import Spark

    session = SparkSession.builder.master("local[2]").appName("tests")
    for name, value in {
        "spark.driver.memory": "1g",
        # compiling pays for more data than a test has
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.shuffle.partitions": "2",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.pyspark.python": sys.executable,
    }.items():
        session = session.config(name, value)
    started = session.getOrCreate()
    started.sparkContext.setLogLevel("OFF")
    started.sparkContext.pythonExec = sys.executable
    return Spark(started)
