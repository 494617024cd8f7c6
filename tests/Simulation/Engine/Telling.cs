using System.Runtime.CompilerServices;

namespace Quorate.Tests.Simulation.Engine;

/// <summary>A line of the transcript, put together only where one is kept: most schedules need none.</summary>
[InterpolatedStringHandler]
internal ref struct Telling
{
    private DefaultInterpolatedStringHandler _text;

    public Telling(int literalLength, int formattedCount, World world, out bool isTold)
    {
        isTold = world.IsTold;
        _text = isTold ? new DefaultInterpolatedStringHandler(literalLength, formattedCount) : default;
    }

    public void AppendLiteral(string value) => _text.AppendLiteral(value);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    public string ToText() => _text.ToStringAndClear();
}
