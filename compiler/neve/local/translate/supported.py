"""Which functions are there. One that is not here, and has no rule, is refused: DuckDB may
have another of its name.
"""

from functools import cache
from typing import TYPE_CHECKING

from neve.local.errors import unsupported

if TYPE_CHECKING:
    from sqlglot import exp

# DuckDB's are Snowflake's, or sqlglot writes them so.
_AS_THEY_ARE = """
    Acos Acosh And AnyValue ArgMax ArgMin Asin Asinh Atan Atan2 Atanh BitwiseAndAgg BitwiseOrAgg BitwiseXorAgg Booland
    Boolnot Boolor BoolxorAgg Case Cbrt Ceil Coalesce Corr Cos Cosh Cot Count CountIf CovarPop CovarSamp CumeDist
    DateFromParts DecodeCase Degrees DenseRank EqualNull Exists Exp Explode FirstValue Floor Generator Getbit Greatest
    Grouping GroupingId If Kurtosis Lag LastValue Lead Least Ln LogicalAnd LogicalOr Max Min Mode NextDay NthValue Ntile
    Nullif Nvl2 Or PercentRank PercentileCont PercentileDisc Pi Pow PreviousDay Radians Randstr Rank RegrAvgx RegrAvgy
    RegrCount RegrIntercept RegrR2 RegrSlope RegrSxx RegrSxy RegrSyy RegrValx RegrValy RowNumber Sin Sinh Skewness Space
    SplitToTable Sqrt Stddev StddevPop StddevSamp Stuff Tan Tanh TimeFromParts Unhex Variance VariancePop Xor Map
    VarMap ToMap Anonymous Quarter Sum Avg Median
"""
# Of Snowflake, and not of the engine; sqlglot has no class for these.
_LEFT_OUT = """
    AI_COMPLETE AI_EXTRACT AI_FILTER AI_TRANSLATE ALERT_HISTORY APPROXIMATE_SIMILARITY
    APPROX_PERCENTILE_ACCUMULATE APPROX_PERCENTILE_COMBINE APPROX_PERCENTILE_ESTIMATE
    AUTOMATIC_CLUSTERING_HISTORY BUILD_SCOPED_FILE_URL BUILD_STAGE_FILE_URL CHECK_XML COMPLETE CORTEX
    DATABASE_STORAGE_USAGE_HISTORY DATA_METRIC_FUNCTION_REFERENCES DECRYPT DYNAMIC_TABLES DYNAMIC_TABLE_GRAPH_HISTORY
    EXTERNAL_TABLE_FILES LOGIN_HISTORY LOGIN_HISTORY_BY_USER MATERIALIZED_VIEW_REFRESH_HISTORY NOTIFICATION_HISTORY
    PIPE_USAGE_HISTORY POLICY_REFERENCES SERVERLESS_TASK_HISTORY STAGE_STORAGE_USAGE_HISTORY TAG_REFERENCES
    TAG_REFERENCES_ALL_COLUMNS VALIDATE_PIPE_LOAD WAREHOUSE_LOAD_HISTORY WAREHOUSE_METERING_HISTORY
    ENCRYPT FL_GET_CONTENT_TYPE FL_GET_ETAG FL_GET_SIZE FL_GET_STAGE
    FL_IS_AUDIO FL_IS_COMPRESSED FL_IS_DOCUMENT FL_IS_IMAGE FL_IS_VIDEO GET_ABSOLUTE_PATH GET_DDL
    GET_OBJECT_REFERENCES GET_PRESIGNED_URL GET_RELATIVE_PATH GET_STAGE_LOCATION H3_LATLNG_TO_CELL
    H3_POINT_TO_CELL HAMMING_DISTANCE INTERVAL_DAY_TIME_FROM_PARTS INTERVAL_YEAR_MONTH_FROM_PARTS INVOKER_SHARE
    IS_DATABASE_ROLE_IN_SESSION IS_GRANTED_TO_INVOKER_ROLE IS_INSTANCE_ROLE_IN_SESSION JAROWINKLER_DISTANCE
    ALL_USER_NAMES BITMAP_BIT_POSITION BITMAP_BUCKET_NUMBER HLL_ACCUMULATE HLL_COMBINE HLL_ESTIMATE HLL_EXPORT
    HLL_IMPORT PARSE_XML POLICY_CONTEXT PROMPT SENTIMENT
    SHOW_PYTHON_PACKAGES_DEPENDENCIES STAGE_DIRECTORY_FILE_REGISTRATION_HISTORY ST_AREA SYSTEM$VERSION TO_QUERY
    TRY_TO_FILE
    ST_ASGEOJSON ST_ASTEXT ST_ASWKT ST_CENTROID ST_CONTAINS ST_DWITHIN ST_GEOGFROMTEXT ST_INTERSECTS ST_LENGTH
    ST_X ST_Y SUMMARIZE SYSTEM$TYPEOF TO_DECFLOAT TO_GEOGRAPHY TO_GEOMETRY TO_XML TRANSLATE_TEXT TRY_TO_DECFLOAT
    TRY_TO_GEOGRAPHY TRY_TO_GEOMETRY VALIDATE XMLGET
"""
LEFT_OUT = frozenset(_LEFT_OUT.split())


@cache
def _known() -> frozenset[type]:
    from sqlglot import exp

    return frozenset(getattr(exp, name) for name in _AS_THEY_ARE.split() if hasattr(exp, name))


def check(node: "exp.Expr") -> None:
    """Raises SqlError for a function that no rule and no function of DuckDB's stands for."""
    from sqlglot import exp

    if isinstance(node, exp.DynamicIdentifier):
        raise unsupported("IDENTIFIER of an expression")
    if isinstance(node, exp.Func) and type(node) not in _known():
        raise unsupported(f"The function {node.sql_name()}")
