using Quorate.Contracts.V1;
using Quorate.Executor.Core.Leases;

namespace Quorate.Executor.Service.Leases;

/// <summary>The furthest point of the arbiter that this process was told of. Safe for many callers.</summary>
internal sealed class ArbiterMemory
{
    private readonly Lock _gate = new();
    private ArbiterPoint? _highest;

    public ArbiterPoint? Highest
    {
        get
        {
            lock (_gate)
            {
                return _highest;
            }
        }
    }

    public void Note(ArbiterPoint? told)
    {
        lock (_gate)
        {
            _highest = ArbiterWitness.Further(_highest, told);
        }
    }
}
