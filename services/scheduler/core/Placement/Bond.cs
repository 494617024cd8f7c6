using Quorate.Contracts;
using Quorate.Model.Configuration;

namespace Quorate.Scheduler.Core.Placement;

/// <summary>What one service's place has to do with another's, as seen from one of the two.</summary>
/// <param name="Other">The other service.</param>
/// <param name="Colocate">Where the other must or must not be; it binds both, whichever of them says so.</param>
/// <param name="ExcludesOther">True where both never run at once.</param>
/// <param name="NeedsOther">True where the other must run for this one to start.</param>
/// <param name="IsOwn">True where this one says it.</param>
internal sealed record Bond(ServiceName Other, Colocation Colocate, bool ExcludesOther, bool NeedsOther, bool IsOwn)
{
    /// <summary>Every service's bonds; empty when no service has any. One look at each service.</summary>
    public static IReadOnlyDictionary<ServiceName, List<Bond>> Of(ClusterConfiguration configuration)
    {
        Dictionary<ServiceName, List<Bond>> all = [];
        foreach (ServiceDefinition service in configuration.Services)
        {
            foreach (ServiceDependency dependency in service.Dependencies)
            {
                bool excludes = dependency.Require == Requirement.Never;
                bool needs = dependency.Require is Requirement.Start or Requirement.Always;
                Add(service.Name, new Bond(dependency.Target, dependency.Colocate, excludes, needs, IsOwn: true));
                Add(dependency.Target, new Bond(service.Name, dependency.Colocate, excludes, NeedsOther: false, IsOwn: false));
            }
        }

        return all;

        void Add(ServiceName service, Bond bond)
        {
            if (!all.TryGetValue(service, out List<Bond>? bonds))
            {
                all.Add(service, bonds = []);
            }

            bonds.Add(bond);
        }
    }

    /// <summary>True when both may be where they are; null is nowhere.</summary>
    public bool Allows(NodeName? here, NodeName? there) => (here, there) switch
    {
        (null, _) => true,
        (_, null) => !NeedsOther,
        _ => !ExcludesOther && Colocate switch { Colocation.Always => here == there, Colocation.Never => here != there, _ => true },
    };
}
