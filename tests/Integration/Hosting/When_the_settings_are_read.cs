using Microsoft.Extensions.Configuration;
using Quorate.Hosting.Settings;

namespace Quorate.Tests.Integration.Hosting;

public sealed class When_the_settings_are_read
{
    [Fact]
    public void Every_problem_is_named_at_once()
    {
        SettingsException refused = Assert.Throws<SettingsException>(() => QuorateSettings.Read(
            Settings(("Bus", "carrier pigeon"), ("TtlMilliseconds", "50"), ("QuorumUrls", "http://q1:8000,nonsense")), nameof(QuorateOptions.Database)));

        Assert.Equal(4, refused.Problems.Count);
        Assert.Contains(refused.Problems, problem => problem.StartsWith("Quorate:Database must be set", StringComparison.Ordinal));
        Assert.Contains("Quorate:QuorumUrls: 'nonsense' is no http address", refused.Problems);
    }

    [Fact]
    public void A_number_that_is_none_is_a_sentence_too()
    {
        SettingsException refused = Assert.Throws<SettingsException>(() => QuorateSettings.Read(Settings(("TtlMilliseconds", "soon"))));

        Assert.Contains("TtlMilliseconds", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sound_ones_are_taken()
    {
        QuorateOptions options = QuorateSettings.Read(
            Settings(("Bus", "amqp://u:p@broker:5672/prod"), ("QuorumUrls", "http://q1:8000, http://q2:8000"), ("TtlMilliseconds", "1000")));

        Assert.Equal(1000, options.TtlMilliseconds);
        Assert.Equal([new Uri("http://q1:8000"), new Uri("http://q2:8000")], options.QuorumAddresses());
    }

    private static IConfiguration Settings(params (string Name, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(
            values.Select(value => KeyValuePair.Create($"{QuorateOptions.Section}:{value.Name}", (string?)value.Value))).Build();
}
