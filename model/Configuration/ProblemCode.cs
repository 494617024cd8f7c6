namespace Quorate.Model.Configuration;

/// <summary>The codes of what can be wrong with a configuration. Those with # are messages of the catalogue, those with Q our own.</summary>
public static class ProblemCode
{
    public const string DuplicateDomainNode = "#30";
    public const string DuplicateDomain = "#31";
    public const string NonexistentDomain = "#66";

    public const string NotWellFormed = "Q1001";
    public const string NotACluster = "Q1002";
    public const string NoClusterName = "Q1003";
    public const string NoVersion = "Q1004";
    public const string NoNodes = "Q1005";
    public const string NamelessNode = "Q1006";
    public const string DuplicateNode = "Q1007";
    public const string DuplicateNodeId = "Q1008";
    public const string NoNodeId = "Q1009";
    public const string BadNumber = "Q1010";
    public const string BadBoolean = "Q1011";
    public const string ExpectedVotesTooFew = "Q1012";
    public const string ExpectedVotesTooMany = "Q1013";
    public const string NotTwoNodes = "Q1014";
    public const string QuorumDiskIgnored = "Q1015";
    public const string TwoNodesNeedEachOther = "Q1016";
    public const string RepeatedSection = "Q1017";

    public const string UnknownFenceDevice = "Q1020";
    public const string NoFenceDevice = "Q1021";
    public const string DuplicateFenceDevice = "Q1022";
    public const string FenceAgentInvalid = "Q1023";
    public const string BadLeaseLoss = "Q1024";
    public const string KeepWithoutFenceDevice = "Q1025";

    public const string NamelessDomain = "Q1030";
    public const string DomainNonMember = "Q1031";
    public const string EmptyDomain = "Q1032";
    public const string BadPriority = "Q1033";

    public const string MissingAttribute = "Q1040";
    public const string Collision = "Q1041";
    public const string UnresolvedReference = "Q1042";
    public const string ReferenceToInline = "Q1043";
    public const string TooManyReferences = "Q1044";
    public const string UnknownElement = "Q1045";
    public const string ForbiddenChild = "Q1046";
    public const string NestedTooDeep = "Q1047";
    public const string BadActionOverride = "Q1048";
    public const string IgnoredBesideReference = "Q1049";
    public const string NotYetRun = "Q1050";
    public const string BadRecovery = "Q1051";
    public const string UnknownDependency = "Q1052";
    public const string BadAgentName = "Q1053";
    public const string NotYetUsed = "Q1054";
    public const string CircularDependency = "Q1055";
    public const string IgnoredBelowDefinition = "Q1056";
    public const string BadStopFailure = "Q1057";
    public const string BadDependency = "Q1058";
    public const string SharedNonCritical = "Q1059";
    public const string MisplacedElement = "Q1060";
    public const string ServiceWithinResource = "Q1061";
}
