using Quorate.Model.Resources;

namespace Quorate.Executor.Service.Operations;

/// <summary>A tree, or why there is none.</summary>
/// <param name="Tree">Null when it was not found.</param>
/// <param name="Problem">In words a person can act on; empty when it was found.</param>
/// <param name="NotRunnable">The resource of a type that this version cannot run, as <c>type:name</c>; null where that is not the problem.</param>
internal sealed record TreeLookup(ResourceNode? Tree, string Problem, string? NotRunnable = null);
