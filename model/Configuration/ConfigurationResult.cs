using System.Collections.Immutable;

namespace Quorate.Model.Configuration;

/// <summary>What reading a <c>cluster.conf</c> gave: as much as is sound, and every finding at once.</summary>
/// <param name="Configuration">Null only when the text is no XML or not a cluster's.</param>
/// <param name="Problems">In line order.</param>
public sealed record ConfigurationResult(ClusterConfiguration? Configuration, ImmutableArray<ConfigProblem> Problems)
{
    /// <summary>The findings for which a resource, with all below it, was left out of its tree; a service may be left out whole. In line order.</summary>
    public IEnumerable<ConfigProblem> BrokenTrees => Problems.Where(problem => problem.Severity == ConfigSeverity.Error && problem.Code
        is ProblemCode.MissingAttribute or ProblemCode.Collision or ProblemCode.UnresolvedReference or ProblemCode.ReferenceToInline
            or ProblemCode.TooManyReferences or ProblemCode.UnknownElement or ProblemCode.ForbiddenChild or ProblemCode.NestedTooDeep
            or ProblemCode.BadAgentName);
}
