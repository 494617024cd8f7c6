using Quorate.Model.Deltas;
using Quorate.Model.Resources;

namespace Quorate.Executor.Service.Operations;

/// <summary>What turns a service as it runs here into what an order wants, or why that is not known.</summary>
/// <param name="Delta">Null when it is not known.</param>
/// <param name="Tree">The tree that the order wants; null when <paramref name="Delta"/> is.</param>
/// <param name="Problem">In words a person can act on; empty when it is known.</param>
internal sealed record ChangeLookup(TreeDelta? Delta, ResourceNode? Tree, string Problem);
